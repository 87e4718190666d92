// What is seen of a namespace when its controllers are at rest: without times, addresses and what is drawn by lot.

/** Kinds that are looked at, with the group version that has them. */
export const KINDS = {
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  controllerrevisions: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
  pods: '/api/v1',
  endpoints: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  resourcequotas: '/api/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  poddisruptionbudgets: '/apis/policy/v1',
};

const REVISION = 'deployment.kubernetes.io/revision';
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

const numbered = (hashes, mark) => [...new Set(hashes)].map((hash, index) => [hash, `<${mark}${index + 1}>`]);

/** Hashes and names that differ from cluster to cluster, with what stands for them. */
function standIns(all, events) {
  const sets = all.replicasets
    .map(({ metadata }) => ({
      revision: Number(metadata.annotations?.[REVISION] ?? 0),
      hash: metadata.labels?.['pod-template-hash'] ?? '',
    }))
    .filter(({ hash }) => hash !== '')
    .sort((a, b) => a.revision - b.revision);
  const revisions = [...all.controllerrevisions].sort((a, b) => a.revision - b.revision);
  const generated = Object.values(all)
    .flat()
    .filter(({ metadata: { name, generateName } }) => generateName && SUFFIX.test(name.slice(generateName.length)))
    .map(({ metadata: { name, generateName } }) => [name, `${generateName}*`]);
  const told = events
    .filter(({ involvedObject: { kind, name } }) => kind === 'Pod' && SUFFIX.test(name.split('-').at(-1)))
    .map(({ involvedObject: { name } }) => [name, `${name.slice(0, -5)}*`]);
  const hashes = numbered(
    sets.map(({ hash }) => hash),
    'hash',
  );
  const crs = numbered(
    revisions.map(({ metadata }) => metadata.name.split('-').at(-1)),
    'revision',
  );
  const known = sets.map(({ hash }) => hash);
  const gone = events
    .flatMap(({ message }) => [...message.matchAll(/replica set [a-z-]+-([a-z0-9]+) /g)].map(([, hash]) => hash))
    .filter((hash) => !known.includes(hash))
    .map((hash) => [hash, '<gone>']);
  return [...generated, ...told, ...gone, ...hashes, ...crs].sort(([a], [b]) => b.length - a.length);
}

export function viewOf(all, events, namespace) {
  const pairs = standIns(all, events);
  const text = (value) => {
    let result = value;
    for (const [name, standIn] of pairs) result = result.split(name).join(standIn);
    return result.replaceAll(namespace, '<namespace>').replace(UID, '<uid>').replace(TIME, '<time>');
  };
  const walk = (value) => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [text(key), walk(entry)]));
  };
  const objects = {};
  for (const [plural, items] of Object.entries(all)) {
    for (const item of items) {
      const seen = walk(JSON.parse(JSON.stringify(sightOf(plural, item))));
      const key = `${plural}/${text(item.metadata.name)}`;
      objects[key] = [...(objects[key] ?? []), seen].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    }
  }
  return { objects: sorted(objects), events: [...new Set(events.filter(isOfController).map(tell).map(text))].sort() };

  function tell({ involvedObject, type, reason, message, source, reportingComponent }) {
    const words = text(message.replace('(combined from similar events): ', '')).replace(/\d+/g, '#');
    const name = text(involvedObject.name);
    const teller = source?.component || reportingComponent;
    return `${involvedObject.kind}/${name} ${type} ${reason}: ${words.replace(/: [a-z0-9-]+-[a-z#]{5}$/, ': *')} [${teller}]`;
  }
}

const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b)));
const isOfController = ({ source }) => !source?.host && source?.component !== 'kubelet';

const CHANGES_BY_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
/** Not added where the admission plug-in that looks after them is off. */
const PROTECTION = ['kubernetes.io/pvc-protection', 'kubernetes.io/pv-protection'];

/** What is looked at of an object. */
function sightOf(plural, { metadata, spec, status, ...rest }) {
  const { labels, annotations = {}, ownerReferences, finalizers = [] } = metadata;
  const { [CHANGES_BY_TIME]: _time, ...notes } = annotations;
  const held = finalizers.filter((name) => !PROTECTION.includes(name));
  const common = {
    ...(labels ? { labels } : {}),
    ...(Object.keys(notes).length > 0 ? { annotations: notes } : {}),
    ...(ownerReferences ? { owners: ownerReferences.map(({ kind, name }) => `${kind}/${name}`) } : {}),
    ...(held.length > 0 ? { finalizers: held } : {}),
  };
  if (plural === 'pods') return { ...common, ...podSight(spec, status) };
  if (plural === 'persistentvolumeclaims') return { ...common, phase: status?.phase };
  if (plural === 'endpoints') return { ...common, subsets: (rest.subsets ?? []).map(subsetSight).sort(byText) };
  if (plural === 'endpointslices')
    return {
      ...common,
      ports: rest.ports?.toSorted(byText) ?? null,
      endpoints: (rest.endpoints ?? []).map(endpointSight),
    };
  if (plural === 'controllerrevisions') return { ...common, revision: rest.revision };
  return { ...common, ...(spec?.replicas === undefined ? {} : { replicas: spec.replicas }), status };
}

function podSight(spec, status) {
  const conditions = (status?.conditions ?? []).filter(
    ({ type, status: is }) => type === 'DisruptionTarget' || (type === 'PodScheduled' && is === 'False'),
  );
  return {
    ...(spec.hostname ? { hostname: spec.hostname } : {}),
    images: spec.containers.map(({ image }) => image),
    phase: status?.phase,
    ...(conditions.length > 0
      ? { conditions: conditions.map(({ type, reason, message }) => `${type}/${reason}: ${message}`) }
      : {}),
  };
}

const byText = (a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b));

const subsetSight = ({ addresses = [], notReadyAddresses = [], ports }) => ({
  ready: addresses.length,
  notReady: notReadyAddresses.length,
  hostnames: addresses.map(({ hostname }) => hostname ?? ''),
  ...(ports ? { ports } : {}),
});

const endpointSight = ({ conditions, hostname, targetRef }) => ({
  conditions,
  hostname: hostname ?? '',
  kind: targetRef?.kind,
});
