import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import { projectEdit } from '../shared/project-edit.ts';
import { roleOf, withRole } from '../shared/roles.ts';

export const addGroupCommand = projectEdit({
  name: 'add-group',
  description: 'Gives a role of a project to a group of the identity provider.',
  arguments: ['<role-name>', '<group-claim>'],
  flags: [],
  examples: [
    { about: 'Give a role to a group', line: 'hawser proj role add-group shop ci shop-developers' },
    { about: 'Show the groups of a role', line: 'hawser proj role get shop ci' },
  ],
  edit: (project, { args: [name, group] }) => {
    const role = roleOf(project, name);
    const groups = role.groups ?? [];
    if (groups.includes(group))
      return {
        says: `group '${group}' has role '${name}' already`,
        referenceOut: `Group '${group}' already present in role '${name}'\n`,
      };
    return {
      spec: withRole(project.spec, { ...role, groups: [...groups, group] }),
      says: `group '${group}' added to role '${name}'`,
      referenceOut: `Group '${group}' added to role '${name}'\n`,
    };
  },
});

export const removeGroupCommand = projectEdit({
  name: 'remove-group',
  description: 'Takes a role of a project from a group.',
  arguments: ['<role-name>', '<group-claim>'],
  flags: [],
  examples: [
    { about: 'Take a role from a group', line: 'hawser proj role remove-group shop ci shop-developers' },
    { about: 'Show the groups of a role', line: 'hawser proj role get shop ci' },
  ],
  edit: (project, { args: [name, group] }) => {
    const role = roleOf(project, name);
    const groups = role.groups ?? [];
    if (!groups.includes(group))
      return {
        says: `group '${group}' does not have role '${name}'`,
        referenceOut: `Group '${group}' not present in role '${name}'\n`,
      };
    return {
      spec: withRole(project.spec, { ...role, groups: groups.filter((other) => other !== group) }),
      says: `group '${group}' removed from role '${name}'`,
      referenceOut: `Group '${group}' removed from role '${name}'\n`,
      question: {
        message: `Take role '${name}' from group '${group}'?`,
        line: LINE_QUESTIONS.removeGroup(group, name),
        cancelled: `The command to remove group '${group}' from role '${name}' was cancelled.\n`,
      },
    };
  },
});
