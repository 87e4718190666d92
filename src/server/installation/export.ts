import type { ExportInstallation } from '../../api/installation.ts';
import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Installation, isConfigMap, isSecret, KINDS, namespacesOf, objectsOf, portable } from './objects.ts';

interface Exported {
  readonly object?: JsonObject;
  readonly secretsLeftOut?: number;
}

/** Every object of an installation, in the order in which another one can take them. */
export async function* exportObjects(
  installation: Installation,
  { secrets = false, ...scope }: ExportInstallation,
): AsyncGenerator<Exported> {
  const namespaces = await namespacesOf(installation, scope);
  const belongs: Readonly<Record<string, (object: KubeObject) => boolean>> = {
    ConfigMap: (object) => isConfigMap(object, scope),
    Secret: (object) => isSecret(object, scope),
  };
  let secretsLeftOut = 0;
  for (const type of KINDS) {
    const objects = (await objectsOf(installation, type, namespaces)).filter(belongs[type.kind] ?? (() => true));
    if (type.kind === 'Secret' && !secrets) secretsLeftOut = objects.length;
    else for (const object of objects) yield { object: portable(object, installation.namespace) };
  }
  yield { secretsLeftOut };
}
