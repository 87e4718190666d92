import { join } from 'node:path';

/** Helm's own folders: none of the user's repositories, plugins or logins reach a rendering. */
export function helmEnvironment(home: string, scratch: string): NodeJS.ProcessEnv {
  return {
    HELM_CACHE_HOME: join(home, 'helm', 'cache'),
    HELM_CONFIG_HOME: join(scratch, 'helm-config'),
    HELM_DATA_HOME: join(home, 'helm', 'plugins-none'),
    HELM_REGISTRY_CONFIG: join(scratch, 'registry.json'),
    HELM_REPOSITORY_CACHE: join(scratch, 'repository'),
    HELM_REPOSITORY_CONFIG: join(scratch, 'repositories.yaml'),
    HELM_PLUGINS: join(scratch, 'no-plugins'),
  };
}
