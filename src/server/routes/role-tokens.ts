import { createRoleToken, deleteRoleToken } from '../../api/projects.ts';
import { HawserError } from '../../core/errors.ts';
import { withoutRoleToken, withRoleToken } from '../../engine/project/role-token-changes.ts';
import type { Project } from '../../model/project.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { Sessions } from '../auth/sessions.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { type ObjectEvent, recordEvent } from './events.ts';
import { jsonObject } from './json.ts';
import { findProject, projectResponse, storedSpec } from './projects/find.ts';

const MAX_TRIES = 10;

export function roleTokenRoutes(ports: ServerPorts, sessions: Pick<Sessions, 'sign' | 'took'>): Route[] {
  /** Somebody else may change the project at the same time. */
  async function change(name: string, caller: Caller, told: Told, make: Make): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const stored = await findProject(ports, name);
      const next = make(projectResponse(stored));
      if (!next) return;
      const object = { ...stored, spec: storedSpec(next.spec), status: jsonObject(next.status ?? {}) };
      try {
        const written = await ports.home.update(object, { fieldManager: 'argocd-server' });
        sessions.took(written);
        return await recordEvent(ports, written, { ...told, caller });
      } catch (thrown) {
        const isLost = thrown instanceof HawserError && thrown.code === 'conflict';
        if (!isLost || tries === MAX_TRIES) throw thrown;
      }
    }
  }

  return [
    route(createRoleToken, async ({ project, role, id, expiresIn }, { caller }) => {
      const { token, claims } = await sessions.sign(`proj:${project}:${role}`, { id, expiresIn });
      const { issuedAt: iat, expiresAt, id: jti } = claims;
      const entry = { iat, ...(expiresAt === undefined ? {} : { exp: expiresAt }), id: jti };
      const told = { reason: 'ResourceCreated', message: 'created token' } as const;
      await change(project, caller, told, (before) => withRoleToken(before, role, entry));
      return { token };
    }),
    route(deleteRoleToken, async ({ project, role, id = '', iat }, { caller }) => {
      const told = { reason: 'ResourceDeleted', message: 'deleted token' } as const;
      await change(project, caller, told, (before) => withoutRoleToken(before, role, { id, iat }));
      return {};
    }),
  ];
}

type Told = Pick<ObjectEvent, 'reason' | 'message'>;

/** Undefined when there is nothing to change. */
type Make = (before: Project) => Project | undefined;
