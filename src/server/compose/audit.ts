// The audit of a system that keeps its state in a folder.

import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ownerApplication } from '../../engine/resource/tracking.ts';
import { APPLICATION_TYPE, keyOfInstance, parseApplicationKey } from '../../model/application-key.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { providerOf } from '../../webhooks/providers.ts';
import { type Audit, createAudit } from '../audit/audit.ts';
import type { SystemOptions } from './components.ts';

interface AuditedSystem {
  readonly home: Cluster;
  readonly namespace: string;
}

export function openAudit(options: SystemOptions, { home, namespace }: AuditedSystem): Audit {
  const { folder, clock, log, environment } = options;
  return createAudit({
    folder: join(folder, 'audit'),
    namespace,
    clock,
    log,
    senderOf: (headers) => providerOf(headers)?.name,
    user: () => userOf(environment),
    ownerOf: async (object) => {
      const instance = ownerApplication(object);
      if (instance === undefined) return undefined;
      const key = parseApplicationKey(keyOfInstance(instance, namespace));
      return home.get({ ...APPLICATION_TYPE, ...key }).catch(() => undefined);
    },
  });
}

/** A user without an entry in the system's list has no name there. */
function userOf({ USER, LOGNAME }: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return USER || LOGNAME || '';
  }
}
