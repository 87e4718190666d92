import type { ClusterClockState } from '../../../../api/local-cluster.ts';
import { formatDuration } from '../../../../core/time.ts';

/** '2026-11-29T16:40:02Z, 20 times real speed, 3h0m0s ahead of this machine'. */
export function clockText({ time, speed, paused, aheadSeconds }: ClusterClockState): string {
  const pace = speed === 1 ? 'real speed' : `${speed} times real speed`;
  return [time, paused ? `paused (set to ${pace})` : pace, ...distance(aheadSeconds)].join(', ');
}

function distance(seconds: number): string[] {
  if (Math.abs(seconds) < 2) return [];
  return [`${formatDuration(Math.abs(seconds) * 1000)} ${seconds > 0 ? 'ahead of' : 'behind'} this machine`];
}
