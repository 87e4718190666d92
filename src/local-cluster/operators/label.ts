import { type KubeObject, labelsOf } from '../../objects/object.ts';

/** Of a ConfigMap that holds a rule for a custom kind. */
const RULE_LABEL = 'hawser.dev/simulation';

export const isRuleObject = (object: KubeObject): boolean => Object.hasOwn(labelsOf(object), RULE_LABEL);
