import { getHealth } from '../../api/health.ts';
import { plainText } from '../http/answers.ts';
import { type Route, rawRoute } from '../http/route.ts';

export const healthRoute: Route = rawRoute(getHealth, async () => plainText(200, 'ok'));
