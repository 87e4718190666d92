import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';

export interface PrepareContext {
  readonly api: Api;
  readonly before: KubeObject | undefined;
}
