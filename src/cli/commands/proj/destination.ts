import type { ProjectDestination } from '../../../model/project.ts';
import { projectEdit } from './shared/project-edit.ts';
import { alreadyThere, notThere } from './shared/refusals.ts';

const titleOf = ({ server, name, namespace = '' }: ProjectDestination): string =>
  `${server || name || ''},${namespace}`;

export const addDestinationCommand = projectEdit({
  name: 'add-destination',
  description: 'Lets the applications of a project deploy to a destination. Both parts may be globs; !PATTERN denies.',
  arguments: ['<server/name>', '<namespace>'],
  flags: [{ name: 'name', type: 'bool', summary: 'the cluster is given by its name, not by its URL' }],
  examples: [
    {
      about: 'Allow a namespace of a cluster',
      line: 'hawser proj add-destination shop https://kubernetes.default.svc shop',
    },
    { about: 'Name the cluster', line: 'hawser proj add-destination shop in-cluster shop --name' },
    { about: 'Deny namespaces', line: "hawser proj add-destination shop '*' '!kube-*'" },
  ],
  edit: ({ metadata, spec }, { args: [cluster, namespace], options }) => {
    const destination = options.name ? { name: cluster, namespace } : { server: cluster, namespace };
    const destinations = spec.destinations ?? [];
    const title = titleOf(destination);
    if (destinations.some((other) => titleOf(other) === title))
      throw alreadyThere(
        `destination '${title}' is in project '${metadata.name}' already`,
        'Specified destination is already defined in project',
      );
    return { spec: { ...spec, destinations: [...destinations, destination] }, says: `destination '${title}' added` };
  },
});

export const removeDestinationCommand = projectEdit({
  name: 'remove-destination',
  description: 'Takes a destination from a project.',
  arguments: ['<server>', '<namespace>'],
  flags: [],
  examples: [
    {
      about: 'Take a destination away',
      line: 'hawser proj remove-destination shop https://kubernetes.default.svc shop',
    },
    { about: 'Take away one that names its cluster', line: 'hawser proj remove-destination shop in-cluster shop' },
    { about: 'Show the destinations', line: 'hawser proj get shop' },
  ],
  edit: ({ metadata, spec }, { args: [cluster, namespace], context }) => {
    const destinations = spec.destinations ?? [];
    const isMeant = (other: ProjectDestination): boolean =>
      (other.namespace ?? '') === namespace &&
      // The reference looks at servers alone.
      (other.server === cluster || context.policy.own.add(() => !other.server && other.name === cluster, false));
    const rest = destinations.filter((other) => !isMeant(other));
    if (rest.length === destinations.length)
      throw notThere(
        `destination '${cluster},${namespace}' is not in project '${metadata.name}'`,
        metadata.name,
        'Specified destination does not exist in project',
      );
    return { spec: { ...spec, destinations: rest }, says: `destination '${cluster},${namespace}' removed` };
  },
});
