import { HawserError } from '../../../../core/errors.ts';

export const refused = (message: string, tail = ''): HawserError =>
  new HawserError('usage', message, {
    hint: 'hawser app get APPNAME shows the sources',
    reason: { kind: 'invalid-argument', message: `${message}${tail}` },
  });
