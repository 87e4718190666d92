import type { KubeObject } from '../../objects/object.ts';
import type { Api, WriteSettings } from '../api.ts';

export interface PrepareContext {
  readonly api: Api;
  readonly before: KubeObject | undefined;
  readonly settings: Pick<WriteSettings, 'user' | 'subresource'>;
}
