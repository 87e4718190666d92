// What an action is, and the forms that several kinds have.

import { at, type JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';

/** A merge patch of the object itself, or a new object beside it. */
export type ActionEffect = { readonly patch: JsonObject } | { readonly create: KubeObject };

export interface ActionSetting {
  readonly now: number;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Action {
  /** Of Font Awesome, for a page that shows it. */
  readonly icon: string;
  readonly displayName?: string;
  readonly parameters?: readonly string[];
  /** It can be run all the same. */
  isDisabled?(object: KubeObject): boolean;
  effect(object: KubeObject, setting: ActionSetting): ActionEffect;
}

/** Sets a field of the spec; there is nothing to do where it has the value already. */
export const toggle = (
  field: string,
  value: boolean,
  isOver: (object: KubeObject) => boolean = () => false,
): Action => ({
  icon: value ? 'pause-circle' : 'play-circle',
  isDisabled: (object) => isOver(object) || (at(object, 'spec', field) === true) === value,
  effect: () => ({ patch: { spec: { [field]: value } } }),
});

/** A merge patch, and when there is nothing to do. */
export const patching = (
  icon: string,
  patch: (object: KubeObject, setting: ActionSetting) => JsonObject,
  isDisabled?: (object: KubeObject) => boolean,
): Action => ({
  icon,
  ...(isDisabled ? { isDisabled } : {}),
  effect: (object, setting) => ({ patch: patch(object, setting) }),
});

export const annotating = (annotations: Readonly<Record<string, string | null>>): JsonObject => ({
  metadata: { annotations },
});
