import { PROJECT_TYPE } from '../../model/project.ts';
import type { SettingsObjects } from '../auth/settings.ts';
import type { Live } from './live.ts';

const FOLLOWED = [
  { group: '', version: 'v1', kind: 'ConfigMap' },
  { group: '', version: 'v1', kind: 'Secret' },
  PROJECT_TYPE,
] as const;

/** The objects of the settings in the live state of the system's own cluster. */
export function settingsObjects(live: Pick<Live, 'follow' | 'get' | 'put'>): SettingsObjects {
  return {
    follow: () => live.follow(FOLLOWED),
    get: (key) => live.get(key),
    put: (object) => live.put(object),
  };
}
