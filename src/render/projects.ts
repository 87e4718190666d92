// Projects as people read them: a list, and one in full.

import type {
  DestinationServiceAccount,
  DetailedProject,
  GroupKind,
  KindPattern,
  Project,
  ProjectDestination,
  ProjectSpec,
} from '../model/project.ts';
import type { ApplicationColumns } from './applications.ts';
import type { Table } from './table.ts';
import type { View } from './view.ts';

const WIDE = [
  'NAME',
  'DESCRIPTION',
  'DESTINATIONS',
  'SOURCES',
  'CLUSTER-RESOURCE-WHITELIST',
  'NAMESPACE-RESOURCE-BLACKLIST',
  'SIGNATURE-KEYS',
  'ORPHANED-RESOURCES',
  'DESTINATION-SERVICE-ACCOUNTS',
] as const;

const BRIEF = ['NAME', 'SOURCES', 'DESTINATIONS', 'ROLES', 'WINDOWS', 'DESCRIPTION'] as const;

const NONE = '<none>';

export function projectTable(projects: readonly Project[], columns: ApplicationColumns): Table {
  if (columns === 'wide') return { head: WIDE, rows: projects.map(wideRow) };
  const rows = projects.map(({ metadata, spec }) => [
    metadata.name,
    counted(spec.sourceRepos, 'repositories', (url) => url),
    counted(spec.destinations, 'destinations', destinationText),
    String(spec.roles?.length ?? 0),
    String(spec.syncWindows?.length ?? 0),
    spec.description ?? '',
  ]);
  return { head: BRIEF, rows, spare: ['WINDOWS', 'ROLES'], note: 'DESCRIPTION', more: '-o wide' };
}

function wideRow({ metadata, spec }: Project): readonly string[] {
  return [
    metadata.name,
    spec.description ?? '',
    counted(spec.destinations, 'destinations', referenceDestination),
    counted(spec.sourceRepos, 'repos', (url) => url),
    counted(spec.clusterResourceWhitelist, 'resources', kindText),
    amount(spec.namespaceResourceBlacklist, 'resources'),
    amount(spec.signatureKeys, 'key(s)'),
    orphanedText(spec),
    counted(spec.destinationServiceAccounts, 'destinationServiceAccounts', accountText),
  ];
}

/** The one of them, or how many there are. */
function counted<T>(items: readonly T[] | undefined, noun: string, text: (item: T) => string): string {
  const [only, ...rest] = items ?? [];
  if (only === undefined) return NONE;
  return rest.length === 0 ? text(only) : `${rest.length + 1} ${noun}`;
}

const amount = (items: readonly unknown[] | undefined, noun: string): string =>
  items?.length ? `${items.length} ${noun}` : NONE;

/** The reference shows no names of clusters. */
const referenceDestination = ({ server = '', namespace = '' }: ProjectDestination): string => `${server},${namespace}`;

const destinationText = ({ server, name, namespace = '' }: ProjectDestination): string =>
  `${server || name || ''},${namespace}`;

const accountText = ({ server, namespace = '', defaultServiceAccount }: DestinationServiceAccount): string =>
  `${server},${namespace},${defaultServiceAccount}`;

const kindText = ({ group, kind }: GroupKind): string => `${group}/${kind}`;

const patternText = ({ group, kind, name }: KindPattern): string =>
  [group, kind, name].filter((part) => part).join('/');

function orphanedText({ orphanedResources }: ProjectSpec): string {
  if (!orphanedResources) return 'disabled';
  const { warn = false, ignore } = orphanedResources;
  const ignored = ignore?.length ? `, ignored ${ignore.length}` : '';
  return `enabled (warn=${warn}${ignored})`;
}

interface Facts {
  readonly width: number;
  readonly rows: readonly (readonly [label: string, values: readonly string[]])[];
}

/** A project as `proj get` shows it. */
export function projectText(detailed: DetailedProject, project: Project, view: View): string {
  const facts = view.facts === 'reference' ? referenceFacts(detailed, project) : ownFacts(detailed, project);
  return factText(facts, view);
}

/** A label, and each value on a line of its own. */
function factText({ width, rows }: Facts, { style }: View): string {
  return rows
    .flatMap(([label, values]) =>
      (values.length > 0 ? values : [NONE]).map((value, index) => {
        const lead = index === 0 ? `${label}:` : '';
        return `${style.heading(lead)}${' '.repeat(Math.max(1, width - lead.length))}${value}\n`;
      }),
    )
    .join('');
}

const namesOf = (items: DetailedProject['clusters'], key: string): string[] =>
  (items ?? []).map((item) => String(Object(item)[key] ?? ''));

function referenceFacts({ clusters, repositories }: DetailedProject, { metadata, spec }: Project): Facts {
  return {
    width: 29,
    rows: [
      ['Name', [metadata.name]],
      ['Description', [spec.description ?? '']],
      ['Destinations', (spec.destinations ?? []).map(referenceDestination)],
      ['Repositories', spec.sourceRepos ?? []],
      ['Source Namespaces', spec.sourceNamespaces ?? []],
      ['Scoped Repositories', namesOf(repositories, 'repo')],
      ['Allowed Cluster Resources', (spec.clusterResourceWhitelist ?? []).map(kindText)],
      ['Scoped Clusters', namesOf(clusters, 'server')],
      ['Denied Namespaced Resources', (spec.namespaceResourceBlacklist ?? []).map(kindText)],
      ['Signature keys', spec.signatureKeys?.length ? [spec.signatureKeys.map(({ keyID }) => keyID).join(', ')] : []],
      ['Orphaned Resources', [orphanedText(spec)]],
    ],
  };
}

/** What is there: of the rest only what forbids everything is told. */
function ownFacts({ clusters, repositories, globalProjects }: DetailedProject, { metadata, spec }: Project): Facts {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Name', [metadata.name]],
    ['Description', spec.description ? [spec.description] : []],
    ['Repositories', spec.sourceRepos ?? []],
    ['Destinations', (spec.destinations ?? []).map(destinationText)],
    ['Namespaces of applications', spec.sourceNamespaces ?? []],
    ['Allowed cluster kinds', (spec.clusterResourceWhitelist ?? []).map(patternText)],
    ['Denied cluster kinds', (spec.clusterResourceBlacklist ?? []).map(patternText)],
    ['Allowed namespaced kinds', spec.namespaceResourceWhitelist?.map(patternText) ?? []],
    ['Denied namespaced kinds', (spec.namespaceResourceBlacklist ?? []).map(patternText)],
    ['Service accounts', (spec.destinationServiceAccounts ?? []).map(accountText)],
    ['Roles', (spec.roles ?? []).map(({ name, description }) => (description ? `${name}: ${description}` : name))],
    ['Sync windows', (spec.syncWindows ?? []).map(({ kind, schedule, duration }) => `${kind} ${schedule} ${duration}`)],
    [
      'Signed commits',
      (spec.sourceIntegrity?.git?.policies ?? []).map(
        ({ gpg, repos }) => `${gpg.mode}: ${(repos ?? []).map(({ url }) => url).join(', ')}`,
      ),
    ],
    ['Signature keys', (spec.signatureKeys ?? []).map(({ keyID }) => keyID)],
    ['Orphaned resources', [orphanedText(spec)]],
    ['Own repositories', namesOf(repositories, 'repo')],
    ['Own clusters', namesOf(clusters, 'server')],
    ['Global projects', (globalProjects ?? []).map((other) => other.metadata.name)],
  ];
  const ALWAYS = ['Repositories', 'Destinations', 'Allowed cluster kinds'];
  return { width: 28, rows: rows.filter(([label, values]) => values.length > 0 || ALWAYS.includes(label)) };
}
