import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import { projectEdit } from '../shared/project-edit.ts';

export const deleteRoleCommand = projectEdit({
  name: 'delete',
  description: 'Deletes a role of a project. Its tokens are no longer valid.',
  arguments: ['<role-name>'],
  flags: [],
  examples: [
    { about: 'Delete a role', line: 'hawser proj role delete shop ci' },
    { about: 'Show the roles', line: 'hawser proj role list shop' },
  ],
  edit: ({ metadata, spec }, { args: [name] }) => {
    const roles = spec.roles ?? [];
    if (!roles.some((other) => other.name === name))
      return { says: `there is no role '${name}'`, referenceOut: `Role '${name}' does not exist in project\n` };
    return {
      spec: { ...spec, roles: roles.filter((other) => other.name !== name) },
      says: `role '${name}' deleted`,
      referenceOut: `Role '${name}' deleted\n`,
      question: {
        message: `Delete role '${name}' of project '${metadata.name}'?`,
        line: LINE_QUESTIONS.deleteRole(name),
        cancelled: `The command to delete role '${name}' was cancelled.\n`,
      },
    };
  },
});
