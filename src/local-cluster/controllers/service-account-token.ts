// Secrets that ask for the token of a service account get it, whatever of it is missing; those of none go.

import { objectAt, sameJson, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { secretTokenClaims, signClaims, signingKey } from '../access/account-token.ts';
import { ownCertificate } from './own-certificate.ts';
import { namespacedName, type Reconciler } from './reconciler.ts';

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
      const { [ACCOUNT_UID]: of = uid } = annotationsOf(secret);
      if (!owner || of !== uid) {
        await client.remove('/secrets', secret);
        return undefined;
      }
      const key = signingKey(client.api.store);
      // The port of the API has made neither yet.
      if (key === '') return client.now() + LATER_MS;
      const certificate = encode(ownCertificate(client));
      const claims = secretTokenClaims({ namespace, account, uid, secret: secret.metadata.name ?? '' });
      const token = textAt(secret, 'data', 'token') || encode(signClaims(claims, key));
      const data = { ...objectAt(secret, 'data'), token, namespace: encode(namespace), 'ca.crt': certificate };
      const annotations = { ...annotationsOf(secret), [ACCOUNT_UID]: uid };
      const whole = { ...secret, metadata: { ...secret.metadata, annotations }, data };
      if (!sameJson(whole, secret)) await client.update('/secrets', secret, whole);
      return undefined;
    },
  };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
