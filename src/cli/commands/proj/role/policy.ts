import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import { POLICY_FLAGS, policyLine } from '../shared/policy-line.ts';
import { projectEdit } from '../shared/project-edit.ts';
import { roleOf, withRole } from '../shared/roles.ts';

export const addPolicyCommand = projectEdit({
  name: 'add-policy',
  description: 'Allows or denies something to a role of a project.',
  arguments: ['<role-name>'],
  flags: POLICY_FLAGS,
  examples: [
    {
      about: 'Let a role sync all applications',
      line: "hawser proj role add-policy shop ci --action sync --object '*'",
    },
    {
      about: 'Deny the deletion of one',
      line: 'hawser proj role add-policy shop ci --action delete --object web --permission deny',
    },
    {
      about: 'Let it read logs',
      line: "hawser proj role add-policy shop ci --resource logs --action get --object '*'",
    },
  ],
  edit: (project, { args: [name], options }) => {
    const role = roleOf(project, name);
    const line = policyLine({ project: project.metadata.name, role: name }, options);
    const policies = [...(role.policies ?? []), line];
    return { spec: withRole(project.spec, { ...role, policies }), says: `policy '${line}' added` };
  },
});

export const removePolicyCommand = projectEdit({
  name: 'remove-policy',
  description: 'Takes a policy from a role of a project.',
  arguments: ['<role-name>'],
  flags: POLICY_FLAGS,
  examples: [
    { about: 'Take a policy away', line: "hawser proj role remove-policy shop ci --action sync --object '*'" },
    { about: 'Show the policies', line: 'hawser proj role get shop ci' },
  ],
  edit: (project, { args: [name], options }) => {
    const role = roleOf(project, name);
    const line = policyLine({ project: project.metadata.name, role: name }, options);
    const policies = role.policies ?? [];
    if (!policies.includes(line)) return { says: `role '${name}' has no policy '${line}'` };
    return {
      spec: withRole(project.spec, { ...role, policies: policies.filter((other) => other !== line) }),
      says: `policy '${line}' removed`,
      question: {
        message: `Take the policy '${line}' away?`,
        line: LINE_QUESTIONS.deletePolicy(line),
        cancelled: `The command to delete policy '${line}' was cancelled.\n`,
      },
    };
  },
});
