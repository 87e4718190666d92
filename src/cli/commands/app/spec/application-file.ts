// An Application from flags, from a document, or from both.

import { HawserError } from '../../../../core/errors.ts';
import { isList, isObject, type JsonObject, listAt, objectAt, textAt } from '../../../../core/json.ts';
import { parse } from '../../../../core/shape.ts';
import { parseYamlDocuments } from '../../../../core/yaml.ts';
import { type Application, application, hasMultipleSources } from '../../../../model/application.ts';
import { targetOf } from '../../../input/target.ts';
import { type ApplicationFlags, sourceFlagIn } from './flags.ts';
import { pairs } from './source.ts';
import { applySpecFlags } from './spec.ts';

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

export function applicationFromFlags(argument: string, flags: ApplicationFlags, values?: unknown): Application {
  const { name, appNamespace } = targetOf(argument, flags.appNamespace);
  const empty: Application = {
    metadata: appNamespace ? { name, namespace: appNamespace } : { name },
    spec: { destination: {}, project: '' },
  };
  const app = { ...empty, spec: applySpecFlags(empty.spec, { flags, values }) };
  return withMeta({ ...app, spec: { ...app.spec, project: app.spec.project || 'default' } }, flags);
}

/** What a file says, with what was typed beside it. */
export function overlay(app: Application, flags: ApplicationFlags, values?: unknown): Application {
  const { name } = app.metadata;
  const stray = hasMultipleSources(app.spec) ? sourceFlagIn(flags) : undefined;
  if (stray !== undefined) {
    throw new HawserError(
      'usage',
      `${stray} cannot say which of the ${app.spec.sources?.length} sources of '${name}' it means`,
      {
        hint: 'write it into the file, or change the source afterwards: hawser app set NAME --source-position 1 …',
      },
    );
  }
  if (flags.appname !== undefined && flags.appname !== name) {
    throw new HawserError('usage', `app name '${flags.appname}' does not match app spec metadata.name '${name}'`, {
      reason: { kind: 'invalid-argument' },
    });
  }
  const spec = applySpecFlags(app.spec, { flags, values });
  const namespace = flags.appNamespace === undefined ? {} : { namespace: flags.appNamespace };
  return withMeta({ ...app, metadata: { ...app.metadata, ...namespace }, spec }, flags);
}

function withMeta(app: Application, flags: ApplicationFlags): Application {
  const labels = { ...app.metadata.labels, ...pairs(flags.label ?? [], 'labels') };
  const annotations = { ...app.metadata.annotations, ...readAnnotations(flags.annotations ?? []) };
  const finalizers = app.metadata.finalizers ?? [];
  const finalizer = flags.setFinalizer && !finalizers.includes(FINALIZER) ? [...finalizers, FINALIZER] : finalizers;
  return {
    ...app,
    metadata: {
      ...app.metadata,
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(finalizer.length > 0 ? { finalizers: finalizer } : {}),
    },
  };
}

function readAnnotations(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

/** Every Application of a YAML or JSON text; `name` is what errors call it, `defaultName` names the one that has no name. */
export function applicationsFromText(text: string, name: string, defaultName?: string): Application[] {
  const documents = parseYamlDocuments(text, name)
    .flatMap(documentsOf)
    .filter((document) => document !== null && document !== undefined);
  if (documents.length === 0) throw new HawserError('invalid', `${name}: there is no application in it`);
  const [only] = documents;
  const unnamed = defaultName !== undefined && documents.length === 1 && textAt(only, 'metadata', 'name') === '';
  return documents.map((document) => applicationFrom(unnamed ? withName(document, defaultName) : document, name));
}

const withName = (document: unknown, name: string): unknown =>
  isObject(document) ? { ...document, metadata: { ...objectAt(document, 'metadata'), name } } : document;

/** A list of documents is one document that holds several. */
function documentsOf(document: unknown): readonly unknown[] {
  if (isList(document)) return document;
  const kind = isObject(document) ? document['kind'] : undefined;
  return kind === 'List' || kind === 'ApplicationList' ? listAt(document, 'items') : [document];
}

function applicationFrom(document: unknown, name: string): Application {
  if (!isObject(document)) throw new HawserError('invalid', `${name}: an application is an object`);
  const kind = document['kind'];
  if (kind !== undefined && kind !== 'Application') {
    const called = textAt(document, 'metadata', 'name');
    const what = called === '' ? String(kind) : `${String(kind)} '${called}'`;
    throw new HawserError('invalid', `${name}: ${what} is not an Application`, {
      hint: 'keep other kinds in the repository that an application deploys, or use kubectl apply',
    });
  }
  const spec: JsonObject = isObject(document['spec']) ? document['spec'] : {};
  const filled = { ...document, spec: { destination: {}, ...spec, project: spec['project'] ?? 'default' } };
  try {
    const { metadata, spec: read, operation } = parse(application, filled, name);
    return operation ? { metadata, spec: read, operation } : { metadata, spec: read };
  } catch (thrown) {
    const why = thrown instanceof HawserError ? thrown.message : String(thrown);
    throw new HawserError('invalid', why, { cause: thrown });
  }
}
