import type { SyncWindow } from '../../../../model/project.ts';
import { knownTimeZone, windowFault } from '../../../../model/window-fault.ts';
import type { Context } from '../../../context.ts';
import { invalidWindow } from './no-window.ts';

const HINT = "write it like --kind deny --schedule '0 22 * * *' --duration 8h --applications '*'";

/** The window as it is stored; throws `usage` for one that cannot be. The reference goes on in UTC where it knows no time zone. */
export function checkedWindow(window: SyncWindow, context: Context): SyncWindow {
  const { timeZone = 'UTC' } = window;
  const known = knownTimeZone(timeZone);
  if (known !== timeZone) {
    const unknown = invalidWindow(`there is no time zone '${timeZone}'`, 'name it like Europe/Amsterdam or UTC');
    context.policy.own.refuse(unknown);
    const warning = `Invalid time zone ${timeZone} specified. Using UTC as default time zone`;
    context.policy.wording.remark(warning, context, 'warning');
  }
  const fault = windowFault(window);
  if (fault !== undefined) throw invalidWindow(fault, HINT);
  return { ...window, timeZone: known };
}
