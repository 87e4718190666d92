// The settings that a client is told, from argocd-cm.

import { isObject, listAt, textAt, toJson } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { overrideResponse, readOverrides, type SettingsData } from './overrides.ts';

/** Absent where a setting is empty or off. */
type Told = Readonly<Record<string, unknown>>;

const flagOf = (data: SettingsData, key: string): true | undefined => (data[key] === 'true' ? true : undefined);
const textOf = (data: SettingsData, key: string): string | undefined => data[key] || undefined;

/** What everybody is told: the page of a login needs it. */
export function openSettings(data: SettingsData): Told {
  return {
    url: textOf(data, 'url'),
    additionalUrls: textsIn(data['additionalUrls']),
    dexConfig: dexConfig(data['dex.config']),
    oidcConfig: oidcConfig(data['oidc.config']),
    appLabelKey: data['application.instanceLabelKey'] || 'app.kubernetes.io/instance',
    trackingMethod: data['application.resourceTrackingMethod'] || 'annotation',
    installationID: textOf(data, 'installationID'),
    statusBadgeEnabled: flagOf(data, 'statusbadge.enabled'),
    statusBadgeRootUrl: textOf(data, 'statusbadge.url'),
    kustomizeOptions: { BuildOptions: data['kustomize.buildOptions'] ?? '', BinaryPath: '', Versions: null },
    kustomizeVersions: kustomizeVersions(data),
    googleAnalytics: {
      ...(data['ga.trackingid'] ? { trackingID: data['ga.trackingid'] } : {}),
      ...(data['ga.anonymizeusers'] === 'false' ? {} : { anonymizeUsers: true }),
    },
    help: help(data),
    uiCssURL: textOf(data, 'ui.cssurl'),
    uiLoginButtonText: textOf(data, 'ui.loginButtonText'),
    execEnabled: flagOf(data, 'exec.enabled'),
    impersonationEnabled: flagOf(data, 'application.sync.impersonation.enabled'),
    syncWithReplaceAllowed: true,
  };
}

/** What only those are told who have a session. */
export function sessionOnlySettings(data: SettingsData): Told {
  return {
    uiBannerContent: textOf(data, 'ui.bannercontent'),
    uiBannerURL: textOf(data, 'ui.bannerurl'),
    uiBannerPermanent: flagOf(data, 'ui.bannerpermanent'),
    uiBannerPosition: textOf(data, 'ui.bannerposition'),
    resourceOverrides: Object.fromEntries(
      [...readOverrides(data)].map(([kind, override]) => [kind, overrideResponse(override)]),
    ),
  };
}

/** 'kustomize.path.v5' and 'kustomize.version.v5'. */
export function kustomizeVersions(data: SettingsData): readonly string[] | undefined {
  const names = Object.keys(data).flatMap((key) => /^kustomize\.(?:path|version)\.(.+)$/.exec(key)?.[1] ?? []);
  return names.length === 0 ? undefined : [...new Set(names)].sort();
}

function help(data: SettingsData): Told {
  const chatUrl = data['help.chatUrl'];
  const prefix = 'help.download.';
  const urls = Object.entries(data).filter(([key]) => key.startsWith(prefix));
  return {
    ...(chatUrl === undefined ? {} : { chatUrl, chatText: data['help.chatText'] ?? 'Chat now!' }),
    ...(urls.length > 0
      ? { binaryUrls: Object.fromEntries(urls.map(([key, url]) => [key.slice(prefix.length), url])) }
      : {}),
  };
}

/** Names and types of the connectors alone: the rest holds secrets. */
function dexConfig(text: string | undefined): Told | undefined {
  const config = yamlIn(text);
  if (config === undefined) return undefined;
  const connectors = listAt(config, 'connectors').map((each) => ({
    name: textAt(each, 'name'),
    type: textAt(each, 'type'),
  }));
  return connectors.length > 0 ? { connectors } : {};
}

const OIDC_TEXTS = ['name', 'issuer', 'clientID', 'cliClientID'] as const;

function oidcConfig(text: string | undefined): Told | undefined {
  const config = yamlIn(text);
  if (!isObject(config)) return undefined;
  const texts = OIDC_TEXTS.flatMap((key) => {
    const value = textAt(config, key);
    return value === '' ? [] : [[key, value] as const];
  });
  const scopes = listAt(config, 'requestedScopes').filter((each) => typeof each === 'string');
  const claims = config['requestedIDTokenClaims'];
  return {
    ...Object.fromEntries(texts),
    ...(scopes.length > 0 ? { scopes } : {}),
    ...(isObject(claims) && Object.keys(claims).length > 0 ? { idTokenClaims: claims } : {}),
    ...(config['enablePKCEAuthentication'] === true ? { enablePKCEAuthentication: true } : {}),
  };
}

/** What cannot be read configures nothing; `hawser admin settings validate` says why. */
function yamlIn(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return toJson(parseYaml(text, 'settings'));
  } catch {
    return undefined;
  }
}

function textsIn(text: string | undefined): readonly string[] | undefined {
  const value = yamlIn(text);
  const texts = Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  return texts.length > 0 ? texts : undefined;
}
