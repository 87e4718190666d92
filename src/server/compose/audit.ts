// The audit of a system that keeps its state in a folder.

import { userInfo } from 'node:os';
import { join } from 'node:path';
import { providerOf } from '../../webhooks/providers.ts';
import { type Audit, createAudit } from '../audit/audit.ts';
import type { SystemOptions } from './components.ts';

export function openAudit({ folder, clock, log, environment }: SystemOptions, namespace: string): Audit {
  return createAudit({
    folder: join(folder, 'audit'),
    namespace,
    clock,
    log,
    senderOf: (headers) => providerOf(headers)?.name,
    user: () => userOf(environment),
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
