import { getSettings, getVersion, listPlugins, type Settings as ToldSettings } from '../../api/sessions.ts';
import { openSettings, sessionOnlySettings } from '../../engine/settings/general.ts';
import type { Data } from '../auth/accounts.ts';
import type { Settings } from '../auth/settings.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

type Ports = Pick<ServerPorts, 'namespace' | 'version' | 'toolVersions'>;

export function settingsRoutes(ports: Ports, settings: Settings): Route[] {
  return [
    route(getVersion, async (_input, { caller }) => {
      if (!caller.username) return { Version: ports.version };
      return {
        Version: ports.version,
        // Whoever asks a server of the reference is told of Go here.
        GoVersion: `node ${process.version}`,
        Compiler: 'gc',
        Platform: `${process.platform}/${process.arch}`,
        ...(await ports.toolVersions()),
      };
    }),
    route(getSettings, async (_input, { caller }): Promise<ToldSettings> => {
      await settings.ready();
      const data = settings.config();
      const hasLogin = settings
        .accounts()
        .some(({ isEnabled, capabilities }) => isEnabled && capabilities.includes('login'));
      const open = { ...openSettings(data), ...(hasLogin ? {} : { userLoginsDisabled: true }) };
      if (!caller.username) return open;
      return {
        ...open,
        ...tellable(data),
        controllerNamespace: ports.namespace,
        passwordPattern: settings.sessions().passwordPattern,
      };
    }),
    route(listPlugins, async () => ({})),
  ];
}

/** Comparisons tell what of it cannot be read; all else is told all the same. */
function tellable(data: Data): ReturnType<typeof sessionOnlySettings> {
  try {
    return sessionOnlySettings(data);
  } catch {
    return {};
  }
}
