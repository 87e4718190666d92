import { sameJson } from '../../../../core/json.ts';
import type { Application, ApplicationSpec } from '../../../../model/application.ts';
import { asJson } from '../../../output/list.ts';

/** Whether two states of an application want the same. */
export function isSame(a: Application, b: Application): boolean {
  return sameJson(asJson(wantedBy(a)), asJson(wantedBy(b)));
}

function wantedBy({ metadata, spec }: Application): unknown {
  const { labels = {}, annotations = {}, finalizers = [] } = metadata;
  return { spec: withProject(spec), labels, annotations, finalizers };
}

const withProject = (spec: ApplicationSpec): ApplicationSpec => ({ ...spec, project: spec.project || 'default' });

/** Whether an application already is what a document says of it; labels and annotations may be more. */
export function isAlready(existing: Application, desired: Application): boolean {
  const has = (
    there: Readonly<Record<string, string>> | undefined,
    requested: Readonly<Record<string, string>> | undefined,
  ): boolean => Object.entries(requested ?? {}).every(([key, value]) => there?.[key] === value);
  const { labels, annotations, finalizers } = existing.metadata;
  return (
    sameJson(asJson(withProject(existing.spec)), asJson(withProject(desired.spec))) &&
    has(labels, desired.metadata.labels) &&
    has(annotations, desired.metadata.annotations) &&
    (desired.metadata.finalizers ?? []).every((finalizer) => finalizers?.includes(finalizer))
  );
}
