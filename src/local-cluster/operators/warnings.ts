// A rule that cannot be followed is told to whoever writes it, too.

import { isKubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import type { KubeResponse } from '../request.ts';
import { withWarnings } from '../response.ts';
import { isRuleObject } from './label.ts';

export async function withRuleWarnings(call: ResourceRequest, response: KubeResponse): Promise<KubeResponse> {
  const { body, status } = response;
  if (call.kind.storage !== '/configmaps' || status >= 300 || call.request.method === 'DELETE') return response;
  if (!isKubeObject(body) || !isRuleObject(body)) return response;
  const { parseRule } = await import('./rule.ts');
  const { problems, simulation } = parseRule(body);
  const { group, kind } = simulation ?? { group: '', kind: '' };
  const isServed = call.api.kinds.all().some((one) => one.custom && one.group === group && one.kind === kind);
  const unserved = simulation && !isServed ? [`no CustomResourceDefinition serves ${kind} of ${group} yet`] : [];
  return withWarnings(response, [...problems, ...unserved]);
}
