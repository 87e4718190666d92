import { isObject, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { type Cause, invalidValue, required } from '../status.ts';

/** CustomResourceDefinitions: their name, and one version that stores. */
export function definitionCauses(object: JsonObject): Cause[] {
  const plural = textAt(object, 'spec', 'names', 'plural');
  const group = textAt(object, 'spec', 'group');
  const versions = listAt(object, 'spec', 'versions').filter(isObject);
  const expected = `${plural}.${group}`;
  const name = textAt(object, 'metadata', 'name');
  const causes: Cause[] = [];
  if (name !== expected) causes.push(invalidValue('metadata.name', name, `must be spec.names.plural+"."+spec.group`));
  if (plural === '') causes.push(required('spec.names.plural'));
  if (textAt(object, 'spec', 'names', 'kind') === '') causes.push(required('spec.names.kind'));
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    causes.push(invalidValue('spec.versions', versions, 'must have exactly one version marked as storage version'));
  }
  versions.forEach((version, index) => {
    const schema = isObject(version['schema']) ? version['schema']['openAPIV3Schema'] : undefined;
    if (!isObject(schema)) {
      causes.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'));
    }
  });
  return causes;
}
