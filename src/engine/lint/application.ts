// What is wrong with the spec of an Application by itself.

import { isList, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { parseDuration } from '../../core/time.ts';
import { type Fault, pathText } from '../../model/lint.ts';
import { syncOptionFaults } from './sync-options.ts';

type Path = Fault['path'];

interface Spec {
  readonly spec: JsonObject;
  readonly path: Path;
}

/** `path` is where the spec stands. Values that are templates are not judged. */
export function applicationFaults(spec: JsonObject, path: Path): Fault[] {
  const at = { spec, path };
  return [...destinationFaults(at), ...sourcesFaults(at), ...policyFaults(at)];
}

function destinationFaults({ spec, path }: Spec): Fault[] {
  const destination = spec['destination'];
  if (!isObject(destination)) return [];
  const at = [...path, 'destination'];
  const { server, name } = destination;
  if (!server && !name) {
    const hint = 'add server: https://kubernetes.default.svc for the cluster that Argo CD runs in';
    return [{ rule: 'destination-missing', path: at, message: `${pathText(at)} has neither server nor name`, hint }];
  }
  if (!server || !name) return [];
  return [
    {
      rule: 'destination-ambiguous',
      path: at,
      message: `${pathText(at)} has both server and name`,
      hint: 'remove one of them',
    },
  ];
}

function sourcesFaults({ spec, path }: Spec): Fault[] {
  const sources = listAt(spec, 'sources');
  if (spec['sourceHydrator'] !== undefined && sources.length === 0) return [];
  if (sources.length === 0) {
    const source = spec['source'];
    if (source === undefined || source === null) {
      return [
        {
          rule: 'source-missing',
          path,
          message: `${pathText(path)} has no source`,
          hint: 'add source: with repoURL and path',
        },
      ];
    }
    return sourceFaults(source, [...path, 'source'], []);
  }
  const ignored: Fault[] =
    spec['source'] === undefined
      ? []
      : [
          {
            rule: 'source-ignored',
            path: [...path, 'source'],
            message: `${pathText(path)}.source is ignored: there is ${pathText(path)}.sources`,
            hint: 'remove one of them',
          },
        ];
  const references = sources.map((source) => textAt(source, 'ref')).filter((reference) => reference !== '');
  return [
    ...ignored,
    ...sources.flatMap((source, index) => sourceFaults(source, [...path, 'sources', index], references)),
  ];
}

function sourceFaults(source: Json, path: Path, references: readonly string[]): Fault[] {
  if (!isObject(source)) return [];
  const faults: Fault[] = [];
  const { path: folder, chart, targetRevision } = source;
  const isRegistry = textAt(source, 'repoURL').startsWith('oci://');
  if (!folder && !chart && !source['ref'] && !isRegistry)
    faults.push({ rule: 'source-missing', path, message: `${pathText(path)} has neither path nor chart` });
  if (chart && !targetRevision)
    faults.push({
      rule: 'chart-version',
      path,
      message: `${pathText(path)}: the chart '${String(chart)}' has no targetRevision`,
      hint: 'name its version: targetRevision: 1.2.3',
    });
  if (typeof folder === 'string' && (folder.startsWith('/') || folder.split('/').includes('..')))
    faults.push({
      rule: 'path-outside',
      path: [...path, 'path'],
      message: `${pathText([...path, 'path'])} '${folder}' is not a path within the repository`,
      hint: 'give the path from the root of the repository, without a leading slash',
    });
  const types = ['helm', 'kustomize', 'directory', 'plugin'].filter((type) => isObject(source[type]));
  if (types.length > 1)
    faults.push({
      rule: 'source-types',
      path,
      message: `${pathText(path)} has options of ${types.join(' and ')}`,
      hint: 'a source is rendered by one tool: keep one of them',
    });
  return [...faults, ...referenceFaults(source, path, references)];
}

/** `$name/` at the start of a values file names another source. */
function referenceFaults(source: JsonObject, path: Path, references: readonly string[]): Fault[] {
  return listAt(source, 'helm', 'valueFiles').flatMap((file, index): Fault[] => {
    const [, reference] = /^\$([A-Za-z0-9_-]+)\//.exec(typeof file === 'string' ? file : '') ?? [];
    if (reference === undefined || references.includes(reference) || reference.startsWith('ARGOCD_')) return [];
    const hint =
      references.length > 0
        ? `there is ${references.map((name) => `$${name}`).join(', ')}`
        : `give one of the sources ref: ${reference}`;
    return [
      {
        rule: 'unknown-ref',
        path: [...path, 'helm', 'valueFiles', index],
        message: `'${String(file)}' refers to the source '${reference}', which does not exist`,
        hint,
      },
    ];
  });
}

function policyFaults({ spec, path }: Spec): Fault[] {
  const at = [...path, 'syncPolicy'];
  const options = objectAt(spec, 'syncPolicy')['syncOptions'];
  const backoff = objectAt(spec, 'syncPolicy', 'retry', 'backoff');
  return [
    ...(isList(options) ? syncOptionFaults(options, [...at, 'syncOptions']) : []),
    ...['duration', 'maxDuration'].flatMap((name) => durationFaults(backoff[name], [...at, 'retry', 'backoff', name])),
  ];
}

/** Of a field that is a duration of Go. */
function durationFaults(value: Json | undefined, path: Path): Fault[] {
  if (typeof value !== 'string' || value === '' || value.includes('{{')) return [];
  try {
    parseDuration(value);
    return [];
  } catch {
    return [
      {
        rule: 'invalid-duration',
        path,
        message: `${pathText(path)} '${value}' is not a duration`,
        hint: 'write it like 5s, 3m or 1h30m',
      },
    ];
  }
}
