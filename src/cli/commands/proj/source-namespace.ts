import { projectEdit } from './shared/project-edit.ts';

export const addSourceNamespaceCommand = projectEdit({
  name: 'add-source-namespace',
  description: 'Lets Applications in a namespace be in a project. The namespace may be a glob.',
  arguments: ['<namespace>'],
  flags: [],
  examples: [
    { about: 'Allow Applications in a namespace', line: 'hawser proj add-source-namespace shop team-shop' },
    { about: 'Allow them in all namespaces of a team', line: "hawser proj add-source-namespace shop 'team-*'" },
  ],
  edit: ({ spec }, { args: [namespace] }) => {
    const namespaces = spec.sourceNamespaces ?? [];
    if (namespaces.includes(namespace) || namespaces.includes('*'))
      return {
        says: `namespace '${namespace}' is allowed already`,
        referenceOut: "Source namespace '*' already allowed in project\n",
      };
    return {
      spec: { ...spec, sourceNamespaces: [...namespaces, namespace] },
      says: `namespace '${namespace}' allowed`,
    };
  },
});

export const removeSourceNamespaceCommand = projectEdit({
  name: 'remove-source-namespace',
  description: 'Takes a namespace of Applications from a project.',
  arguments: ['<namespace>'],
  flags: [],
  examples: [
    { about: 'Take a namespace away', line: 'hawser proj remove-source-namespace shop team-shop' },
    { about: 'Show the namespaces', line: 'hawser proj get shop' },
  ],
  edit: ({ spec }, { args: [namespace], context }) => {
    const namespaces = spec.sourceNamespaces ?? [];
    // The reference cannot take the namespace '*' away.
    const isKept = namespace === '*' && context.policy.own.add(() => false, true);
    if (isKept || !namespaces.includes(namespace))
      return {
        says: `namespace '${namespace}' is not among its namespaces`,
        referenceOut: `Source namespace '${namespace}' does not exist in project or cannot be removed\n`,
      };
    const sourceNamespaces = namespaces.filter((other) => other !== namespace);
    return { spec: { ...spec, sourceNamespaces }, says: `namespace '${namespace}' removed` };
  },
});
