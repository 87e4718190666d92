// Sync options: texts of the application's policy or of a resource's annotation, compared as they stand.

import { ownSyncOptions } from '../../model/deletion.ts';
import { type Annotated, annotationsOf, type KubeObject } from '../../objects/object.ts';

const COMPARE_OPTIONS_ANNOTATION = 'argocd.argoproj.io/compare-options';

/** Whether a resource's own annotation has an option, 'Prune=false'. */
export function hasOwnOption(object: KubeObject | undefined, option: string): boolean {
  return object !== undefined && ownSyncOptions(object).includes(option);
}

export function hasCompareOption(object: Annotated | undefined, option: string): boolean {
  return object !== undefined && splitList(annotationsOf(object)[COMPARE_OPTIONS_ANNOTATION]).includes(option);
}

/** Whether the application or the resource has an option. */
export function hasOption(appOptions: readonly string[], object: KubeObject | undefined, option: string): boolean {
  return appOptions.includes(option) || hasOwnOption(object, option);
}

/** Whether a switch is on, 'ServerSideApply': a resource that says `=false` itself wins over the application. */
export function isOn(appOptions: readonly string[], object: KubeObject | undefined, name: string): boolean {
  return !hasOwnOption(object, `${name}=false`) && hasOption(appOptions, object, `${name}=true`);
}

/** The value of the application's `name=value` option. */
export function optionValue(appOptions: readonly string[], name: string): string | undefined {
  return appOptions.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}

function splitList(text: string | undefined): string[] {
  return (text ?? '').split(',').map((part) => part.trim());
}
