// Secrets that ask for the token of a service account get it.

import { textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { secretTokenClaims, signClaims, signingKey } from '../access/account-token.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const ACCOUNT = 'kubernetes.io/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/service-account.uid';
const LATER_MS = 1000;

const isToken = (secret: KubeObject): boolean => secret['type'] === 'kubernetes.io/service-account-token';

export function serviceAccountTokens(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: '/secrets',
    watches: {
      '/serviceaccounts': (account, client) =>
        client
          .list('/secrets', account.metadata.namespace ?? '')
          .filter((secret) => isToken(secret) && annotationsOf(secret)[ACCOUNT] === account.metadata.name)
          .map(namespacedName),
    },
    reconcile: async (client, secret) => {
      if (!isToken(secret)) return undefined;
      const namespace = secret.metadata.namespace ?? '';
      const account = annotationsOf(secret)[ACCOUNT] ?? '';
      const owner = client.get('/serviceaccounts', namespace, account);
      const uid = owner?.metadata.uid ?? '';
      if (!owner || annotationsOf(secret)[ACCOUNT_UID] === uid) return undefined;
      const key = signingKey(client.api.store);
      const certificate = textOf(client, 'hawser-api-certificate', 'tls.crt');
      // The port of the API has made neither yet.
      if (key === '') return client.now() + LATER_MS;
      const claims = secretTokenClaims({ namespace, account, uid, secret: secret.metadata.name ?? '' });
      const token = signClaims(claims, key);
      const annotations = { ...annotationsOf(secret), [ACCOUNT_UID]: uid };
      const data = { token: encode(token), namespace: encode(namespace), 'ca.crt': encode(certificate) };
      await client.update('/secrets', secret, { ...secret, metadata: { ...secret.metadata, annotations }, data });
      return undefined;
    },
  };
}

const textOf = (client: ReconcilerClient, name: string, key: string): string =>
  Buffer.from(textAt(client.get('/secrets', 'kube-system', name), 'data', key), 'base64').toString();

const encode = (text: string): string => Buffer.from(text).toString('base64');
