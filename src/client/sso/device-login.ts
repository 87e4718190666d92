// Login where there is no browser (RFC 8628): a code is shown here, and typed in on any other device.

import { HawserError } from '../../core/errors.ts';
import { type Provider, ssoFailure, type Tokens, tokensOf } from './provider.ts';

export interface DeviceLogin {
  readonly signal: AbortSignal;
  show(device: { readonly url: string; readonly code: string }): void;
}

export async function loginByDevice(provider: Provider, { signal, show }: DeviceLogin): Promise<Tokens> {
  const { configuration, parameters, issuer } = provider;
  if (!configuration.serverMetadata().device_authorization_endpoint) {
    throw new HawserError('not-implemented', `${issuer} offers no login by a device code`, {
      hint: 'log in by a browser: --sso',
    });
  }
  const { initiateDeviceAuthorization, pollDeviceAuthorizationGrant } = await import('openid-client');
  try {
    const started = await initiateDeviceAuthorization(configuration, { scope: parameters['scope'] ?? 'openid' });
    show({ url: started.verification_uri_complete ?? started.verification_uri, code: started.user_code });
    return tokensOf(await pollDeviceAuthorizationGrant(configuration, started, undefined, { signal }));
  } catch (thrown) {
    if (signal.aborted) throw new HawserError('interrupted', 'stopped waiting for the code to be typed in');
    throw ssoFailure('the login by a device code failed', thrown);
  }
}
