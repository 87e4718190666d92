import { type ResourceState, stateKey } from '../../../render/states.ts';

/** The states that differ from those told last: what is blank now does not overwrite what was known. */
export function createChanges(): (states: readonly ResourceState[]) => ResourceState[] {
  const previous = new Map<string, ResourceState>();
  return (states) => {
    const changed: ResourceState[] = [];
    for (const state of states) {
      const before = previous.get(stateKey(state));
      const next = before ? overwritten(before, state) : state;
      if (before === undefined || isDifferent(before, next)) changed.push(next);
      previous.set(stateKey(state), next);
    }
    return changed;
  };
}

function overwritten(before: ResourceState, state: ResourceState): ResourceState {
  return {
    ...state,
    status: state.status || before.status,
    health: state.health || before.health,
    hook: state.hook || before.hook,
    message: state.message || before.message,
  };
}

const isDifferent = (a: ResourceState, b: ResourceState): boolean =>
  a.status !== b.status || a.health !== b.health || a.hook !== b.hook || a.message !== b.message;
