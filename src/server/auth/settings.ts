// What the settings of an installation say of access: accounts, policy, sessions. Read from the objects as they are now; what
// has been damaged by hand is told, with its place, and what was in force before stays.

import { isList } from '../../core/json.ts';
import { areRegExpsLoaded, compileRegExp, loadRegExps } from '../../core/regexp.ts';
import { parseTime } from '../../core/time.ts';
import { type Access, createAccess, type ProjectPolicy, projectFaults } from '../../engine/policy/access.ts';
import { type PolicySettings, readPolicySettings } from '../../engine/policy/settings.ts';
import { openSettings } from '../../engine/settings/general.ts';
import { PROJECT_TYPE } from '../../model/project.ts';
import type { KubeObject, ObjectKey } from '../../objects/object.ts';
import { type Data, type DataFault, type LocalAccount, readAccounts } from './accounts.ts';
import { configData, projectRoles, secretBytes, secretData } from './settings-objects.ts';

/** The objects that settings are read from, as they are now. */
export interface SettingsObjects {
  /** Follows them from the first call on. */
  follow(): Promise<void>;
  get(key: ObjectKey): KubeObject | undefined;
  /** Takes over what a write answered. */
  put(object: KubeObject): void;
}

export interface Settings {
  /** To be awaited before anything else is asked. */
  ready(): Promise<void>;
  /** By name. */
  accounts(): readonly LocalAccount[];
  access(): Access;
  sessions(): SessionSettings;
  /** The right to change an application is one to change its resources, as in older versions of the reference. */
  inheritsResourceRights(): boolean;
  /** The data of argocd-cm. */
  config(): Data;
  /** Where people reach the server: `url` and `additionalUrls`. */
  addresses(): readonly string[];
  /** Empty when there is none yet. */
  signingKey(): Uint8Array;
  project(name: string): KubeObject | undefined;
}

export interface SessionSettings {
  readonly seconds: number;
  readonly passwordPattern: string;
  /** Whoever has no session has the rights that everybody has. */
  readonly allowsAnonymous: boolean;
}

export interface SettingsOptions {
  readonly objects: SettingsObjects;
  readonly namespace: string;
  readonly log: (message: string) => void;
}

const INHERITANCE_OFF = 'server.rbac.disableApplicationFineGrainedRBACInheritance';
const DEFAULT_PASSWORD_PATTERN = '^.{8,32}$';
const DEFAULT_SESSION_SECONDS = 24 * 3600;

export function createSettings({ objects, namespace, log }: SettingsOptions): Settings {
  const core = (kind: 'ConfigMap' | 'Secret', name: string): ObjectKey => ({ group: '', kind, namespace, name });
  const [config, rbac, secret] = [
    core('ConfigMap', 'argocd-cm'),
    core('ConfigMap', 'argocd-rbac-cm'),
    core('Secret', 'argocd-secret'),
  ];
  const project = (name: string): KubeObject | undefined => objects.get({ ...PROJECT_TYPE, namespace, name });
  const tell = (faults: readonly DataFault[], isFirst: boolean): void => {
    for (const { object, key, problem, isHarmless } of faults) {
      const rest = isFirst || isHarmless ? '' : '; what was in force before stays';
      log(`warning: ${object}, ${key}: ${problem}${rest}`);
    }
  };
  const policies = projectPolicies(tell);
  return {
    ready: async () => {
      await objects.follow();
      if (needsRegExps(configData(objects.get(config)), configData(objects.get(rbac)))) await loadRegExps();
    },
    accounts: latest([config, secret], objects, tell, ([configMap, keys]) => {
      const { accounts, faults } = readAccounts(configData(configMap), secretData(keys));
      return { value: accounts, faults };
    }),
    access: latest([rbac], objects, tell, ([object], isFirst) => {
      const { settings, faults } = policyIn(configData(object));
      if (settings.matchMode === 'regex' && !areRegExpsLoaded()) {
        void loadRegExps();
        return { value: NO_ACCESS, faults: [], isEarly: true };
      }
      const counts = faults.length > 0 && isFirst ? NO_POLICY : settings;
      return {
        value: createAccess({ settings: counts, project: (name) => policies(project(name)) }),
        faults,
      };
    }),
    sessions: latest([config], objects, tell, ([object]) => sessionSettings(configData(object))),
    inheritsResourceRights: () => configData(objects.get(config))[INHERITANCE_OFF] === 'false',
    config: () => configData(objects.get(config)),
    addresses: latest([config], objects, tell, ([object]) => addressesIn(configData(object))),
    signingKey: () => secretBytes(objects.get(secret), 'server.secretkey'),
    project,
  };
}

type Tell = (faults: readonly DataFault[], isFirst: boolean) => void;

interface ReadSettings<T> {
  readonly value: T;
  /** What it needs is not loaded yet: to be read again. */
  readonly isEarly?: boolean;
  readonly faults: readonly DataFault[];
}

/** Reads anew when one of the objects has changed; what cannot be read does not replace what could. */
function latest<T>(
  keys: readonly ObjectKey[],
  objects: Pick<SettingsObjects, 'get'>,
  tell: Tell,
  read: (objects: readonly (KubeObject | undefined)[], isFirst: boolean) => ReadSettings<T>,
): () => T {
  let last: { readonly of: readonly (KubeObject | undefined)[]; readonly value: T } | undefined;
  return () => {
    if (last && keys.every((key, index) => objects.get(key) === last?.of[index])) return last.value;
    const of = keys.map((key) => objects.get(key));
    const { value, faults, isEarly = false } = read(of, last === undefined);
    if (isEarly) return last?.value ?? value;
    tell(faults, last === undefined);
    const isDamaged = faults.some(({ isHarmless }) => !isHarmless);
    last = { of, value: last && isDamaged ? last.value : value };
    return last.value;
  };
}

const NO_POLICY: PolicySettings = {
  lines: { rules: [], groupings: [] },
  matchMode: 'glob',
  defaultRole: '',
  scopes: [],
};

const NO_ACCESS = createAccess({ settings: NO_POLICY, project: () => undefined });

/** Expressions of others, which are read by RE2. */
const needsRegExps = (config: Data, rbac: Data): boolean =>
  rbac['policy.matchMode'] === 'regex' || Boolean(config['passwordPattern']);

function policyIn(data: Data): { readonly settings: PolicySettings; readonly faults: readonly DataFault[] } {
  const { settings, faults } = readPolicySettings(data);
  return {
    settings,
    faults: faults.map(({ key, line, column, problem }) => ({
      object: 'argocd-rbac-cm',
      key: `${key}, line ${line}, column ${column}`,
      problem,
    })),
  };
}

function sessionSettings(data: Data): ReadSettings<SessionSettings> {
  const faults: DataFault[] = [];
  const fault = (key: string, problem: string): void => {
    faults.push({ object: 'argocd-cm', key, problem, isHarmless: true });
  };
  const duration = data['users.session.duration'];
  let seconds = DEFAULT_SESSION_SECONDS;
  try {
    if (duration) seconds = Math.floor(parseTime(duration) / 1000) || DEFAULT_SESSION_SECONDS;
  } catch {
    fault('users.session.duration', `'${duration}' is no duration: 24h it is`);
  }
  const pattern = data['passwordPattern'] || DEFAULT_PASSWORD_PATTERN;
  if (!isReadable(pattern)) fault('passwordPattern', `'${pattern}' is no regular expression`);
  return {
    value: { seconds, passwordPattern: pattern, allowsAnonymous: data['users.anonymous.enabled'] === 'true' },
    faults,
  };
}

function addressesIn(data: Data): ReadSettings<readonly string[]> {
  const { url, additionalUrls } = openSettings(data);
  const faults: DataFault[] = [];
  const fault = (key: string, problem: string): void => void faults.push({ object: 'argocd-cm', key, problem });
  if (data['additionalUrls']?.trim() && !isList(additionalUrls)) fault('additionalUrls', 'it is no list of addresses');
  const texts = [url, ...(isList(additionalUrls) ? additionalUrls : [])];
  const addresses = texts.flatMap((text) => (typeof text === 'string' && text !== '' ? [text] : []));
  for (const address of addresses)
    if (!URL.canParse(address))
      fault(address === url ? 'url' : 'additionalUrls', `'${address}' is no address like https://argocd.example.com`);
  return { value: addresses, faults };
}

/** One that RE2 would have to read is judged when a password is set. */
const isReadable = (pattern: string): boolean => !areRegExpsLoaded() || compileRegExp(pattern) !== undefined;

/** What each project adds to the policy, read once. */
function projectPolicies(tell: Tell): (object: KubeObject | undefined) => ProjectPolicy | undefined {
  const known = new WeakMap<KubeObject, ProjectPolicy>();
  return (object) => {
    if (!object) return undefined;
    const before = known.get(object);
    if (before) return before;
    const name = object.metadata.name ?? '';
    const policy = { name, roles: projectRoles(object) };
    const faults = projectFaults(policy).map(({ text, problem }) => ({
      object: `project '${name}'`,
      key: 'spec.roles',
      problem: `'${text}': ${problem}; none of its roles counts`,
    }));
    tell(faults, true);
    known.set(object, policy);
    return policy;
  };
}
