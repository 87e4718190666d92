import { projectEdit } from '../shared/project-edit.ts';

export const createRoleCommand = projectEdit({
  name: 'create',
  description: 'Creates a role of a project. It may do nothing until policies are added.',
  arguments: ['<role-name>'],
  flags: [{ name: 'description', type: 'string', summary: 'what the role is for' }],
  examples: [
    { about: 'Create a role for a pipeline', line: "hawser proj role create shop ci --description 'Deploys the shop'" },
    { about: 'Then let it sync', line: "hawser proj role add-policy shop ci --action sync --object '*'" },
    { about: 'And give it a token', line: 'hawser proj role create-token shop ci --expires-in 30d' },
  ],
  edit: ({ spec }, { args: [name], options: { description } }) => {
    const roles = spec.roles ?? [];
    if (roles.some((other) => other.name === name))
      return { says: `role '${name}' is there already`, referenceOut: `Role '${name}' already exists\n` };
    const role = { name, ...(description ? { description } : {}) };
    return {
      spec: { ...spec, roles: [...roles, role] },
      says: `role '${name}' created`,
      referenceOut: `Role '${name}' created\n`,
    };
  },
});
