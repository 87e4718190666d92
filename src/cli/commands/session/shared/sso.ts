// Login by the single sign-on of a server, as a person sees it.

import { getSettings } from '../../../../api/sessions.ts';
import type { Tokens } from '../../../../client/sso/provider.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type { SavedUser } from '../../../config/config.ts';
import type { Connection, Context } from '../../../context.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { openBrowser } from '../../../io/programs.ts';

export const SSO_FLAGS = [
  { name: 'sso-port', type: 'int', default: 8085, summary: 'local port for the login callback' },
  { name: 'sso-launch-browser', type: 'bool', default: true, summary: 'open the login page in a browser' },
  { name: 'callback', type: 'string', value: 'url', summary: 'callback URL as the browser sees it' },
  {
    name: 'sso-device',
    type: 'bool',
    own: true,
    summary: 'log in with a code on another device, without a browser here',
  },
] as const satisfies readonly Flag[];

export type SsoOptions = OptionsOf<typeof SSO_FLAGS>;

export async function loginBySso(connection: Connection, options: SsoOptions, context: Context): Promise<Tokens> {
  const { client, reach } = connection;
  const { findProvider } = await import('../../../../client/sso/provider.ts');
  const provider = await findProvider(await client.call(getSettings, {}), client.address, reach);
  if (options.ssoDevice) {
    const { loginByDevice } = await import('../../../../client/sso/device-login.ts');
    const show = ({ url, code }: { readonly url: string; readonly code: string }): void =>
      context.say(`To log in, open ${url} on any device and enter the code ${code}`);
    return loginByDevice(provider, { signal: context.signal, show });
  }
  const { loginByBrowser } = await import('../../../../client/sso/browser-login.ts');
  const tokens = await loginByBrowser(provider, {
    port: options.ssoPort,
    callback: options.callback,
    signal: context.signal,
    open: async (url) => {
      context.policy.wording.talk(`Performing authorization_code flow login: ${url}`, context);
      if (options.ssoLaunchBrowser && (await openBrowser(url, context))) {
        context.policy.wording.talk('Opening system default browser for authentication', context);
      } else {
        const where = `To authenticate, copy-and-paste the following URL into your preferred browser: ${url}`;
        context.policy.wording.talk(where, context);
      }
    },
  });
  context.policy.wording.talk('Authentication successful', context);
  return tokens;
}

export function savedUser(name: string, { idToken, refreshToken }: Tokens): SavedUser {
  return { name, 'auth-token': idToken, ...omitUndefined({ 'refresh-token': refreshToken }) };
}
