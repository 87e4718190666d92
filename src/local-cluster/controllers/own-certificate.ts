import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ReconcilerClient } from './reconciler.ts';

const [NAMESPACE, NAME] = ['kube-system', 'hawser-api-certificate'];

/** What the port of the API proves itself by; '' where no port was ever opened. */
export const ownCertificate = (client: ReconcilerClient): string =>
  Buffer.from(textAt(client.get('/secrets', NAMESPACE, NAME), 'data', 'tls.crt'), 'base64').toString();

/** Whether a Secret is the one that holds it. */
export const holdsCertificate = ({ metadata }: KubeObject): boolean =>
  metadata.name === NAME && metadata.namespace === NAMESPACE;
