import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Authority } from '../signing/certificate.ts';
import type { ReconcilerClient } from './reconciler.ts';

const [NAMESPACE, NAME] = ['kube-system', 'hawser-api-certificate'];

/** What the port of the API proves itself by; '' where no port was ever opened. */
export const ownCertificate = (client: ReconcilerClient): string => partOf(client, 'tls.crt');

/** The same as one that signs others; undefined where no port was ever opened. */
export function ownAuthority(client: ReconcilerClient): Authority | undefined {
  const [certificate, key] = [ownCertificate(client), partOf(client, 'tls.key')];
  return certificate === '' || key === '' ? undefined : { certificate, key };
}

const partOf = (client: ReconcilerClient, part: string): string =>
  Buffer.from(textAt(client.get('/secrets', NAMESPACE, NAME), 'data', part), 'base64').toString();

/** Whether a Secret is the one that holds it. */
export const holdsCertificate = ({ metadata }: KubeObject): boolean =>
  metadata.name === NAME && metadata.namespace === NAMESPACE;
