// An annotation of usage that cannot be read is told to whoever writes it.

import { at, textAt } from '../../core/json.ts';
import type { ResourceRequest } from '../api.ts';
import type { KubeResponse } from '../request.ts';
import { isStream } from '../request.ts';
import { withWarnings } from '../response.ts';
import { parseUsage, USAGE_ANNOTATION } from './usage.ts';

const CARRIERS = [[], ['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template']] as const;

export function withUsageWarnings({ request }: ResourceRequest, response: KubeResponse): KubeResponse {
  const { body, status } = response;
  if (status >= 300 || request.method === 'DELETE' || typeof body === 'string' || isStream(body)) return response;
  const texts = CARRIERS.map((path) => textAt(at(body, ...path, 'metadata', 'annotations'), USAGE_ANNOTATION));
  return withWarnings(
    response,
    texts.flatMap((text) => parseUsage(text).problems),
  );
}
