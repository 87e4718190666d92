import { createSession, deleteSession, endSession, getUserInfo, openLogout } from '../../api/sessions.ts';
import { HawserError } from '../../core/errors.ts';
import type { Sessions } from '../auth/sessions.ts';
import { forgottenCookies, tokenCookies } from '../auth/tokens.ts';
import { plainText, redirect } from '../http/answers.ts';
import { type Route, rawRoute, route } from '../http/route.ts';

/** `home` is where a browser goes after it logged out. */
export function sessionRoutes(sessions: Sessions, home: () => string): Route[] {
  return [
    route(createSession, async ({ username = '', password = '', token: old = '' }, { isSecure, addHeaders }) => {
      if (old !== '')
        throw refused('token-based session creation no longer supported. please upgrade argocd cli to v0.7+');
      if (username === '' || password === '') throw refused('no credentials supplied');
      const token = await sessions.login(username, password);
      addHeaders({ 'set-cookie': tokenCookies(token, isSecure) });
      return { token };
    }),
    route(deleteSession, async () => ({})),
    route(getUserInfo, async (_input, { caller: { username, issuer: iss, groups } }) =>
      username === '' ? {} : { loggedIn: true, username, iss, ...(groups.length > 0 ? { groups } : {}) },
    ),
    ...[openLogout, endSession].map((endpoint) =>
      rawRoute(endpoint, async (_input, request) => {
        if (!(await sessions.logout(request))) return plainText(400, 'Failed to retrieve ArgoCD auth token: no cookie');
        return redirect(home(), { 'set-cookie': forgottenCookies(request.headers['cookie'] ?? '') });
      }),
    ),
  ];
}

function refused(message: string): HawserError {
  return new HawserError('not-logged-in', message);
}
