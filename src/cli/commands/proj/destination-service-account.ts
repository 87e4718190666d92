import type { DestinationServiceAccount } from '../../../model/project.ts';
import { projectEdit } from './shared/project-edit.ts';
import { alreadyThere, notThere, refusedValue } from './shared/refusals.ts';

const titleOf = ({ server, namespace = '', defaultServiceAccount }: DestinationServiceAccount): string =>
  `${server},${namespace},${defaultServiceAccount}`;

export const addDestinationServiceAccountCommand = projectEdit({
  name: 'add-destination-service-account',
  description: 'Sets the service account that applications of a project are deployed as at a destination.',
  arguments: ['<server>', '<namespace>', '<service_account>'],
  flags: [
    {
      name: 'service-account-namespace',
      type: 'string',
      value: 'namespace',
      summary: 'namespace of the service account; the one of the destination when absent',
    },
  ],
  examples: [
    {
      about: 'Deploy as a service account of the destination',
      line: 'hawser proj add-destination-service-account shop https://kubernetes.default.svc shop deployer',
    },
    {
      about: 'Deploy as a service account of another namespace',
      line: 'hawser proj add-destination-service-account shop https://kubernetes.default.svc shop deployer --service-account-namespace ci',
    },
  ],
  edit: ({ metadata, spec }, { args: [server, namespace, account], options: { serviceAccountNamespace = '' } }) => {
    const hint = 'name one service account';
    if (account.includes('*'))
      throw refusedValue(
        `the service account '${account}' has a wildcard`,
        hint,
        'ServiceAccount for DestinationServiceAccount must not contain wildcards',
      );
    if (serviceAccountNamespace.includes('*'))
      throw refusedValue(
        `the namespace '${serviceAccountNamespace}' of the service account has a wildcard`,
        hint,
        'ServiceAccountNamespace for DestinationServiceAccount must not contain wildcards',
      );
    const defaultServiceAccount = serviceAccountNamespace === '' ? account : `${serviceAccountNamespace}:${account}`;
    const added = { server, namespace, defaultServiceAccount };
    const accounts = spec.destinationServiceAccounts ?? [];
    if (accounts.some((other) => titleOf(other) === titleOf(added)))
      throw alreadyThere(
        `destination service account '${titleOf(added)}' is in project '${metadata.name}' already`,
        'Specified destination service account is already defined in project',
      );
    return {
      spec: { ...spec, destinationServiceAccounts: [...accounts, added] },
      says: `destination service account '${titleOf(added)}' added`,
    };
  },
});

export const removeDestinationServiceAccountCommand = projectEdit({
  name: 'remove-destination-service-account',
  description: 'Takes the service account of a destination from a project.',
  arguments: ['<server>', '<namespace>', '<service_account>'],
  flags: [],
  examples: [
    {
      about: 'Take a service account away',
      line: 'hawser proj remove-destination-service-account shop https://kubernetes.default.svc shop deployer',
    },
    {
      about: 'Take one of another namespace away',
      line: 'hawser proj remove-destination-service-account shop https://kubernetes.default.svc shop ci:deployer',
    },
  ],
  edit: ({ metadata, spec }, { args: [server, namespace, defaultServiceAccount] }) => {
    const title = titleOf({ server, namespace, defaultServiceAccount });
    const accounts = spec.destinationServiceAccounts ?? [];
    const rest = accounts.filter((other) => titleOf(other) !== title);
    if (rest.length === accounts.length)
      throw notThere(
        `destination service account '${title}' is not in project '${metadata.name}'`,
        metadata.name,
        'Specified destination service account does not exist in project',
      );
    return {
      spec: { ...spec, destinationServiceAccounts: rest },
      says: `destination service account '${title}' removed`,
    };
  },
});
