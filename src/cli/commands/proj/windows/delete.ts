import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import { projectEdit } from '../shared/project-edit.ts';
import { readId } from '../shared/refusals.ts';
import { noWindow } from './no-window.ts';

export const deleteWindowCommand = projectEdit({
  name: 'delete',
  description: 'Deletes a sync window. The windows after it move up: their IDs change.',
  arguments: ['<id>'],
  flags: [],
  examples: [
    { about: 'Delete the first window', line: 'hawser proj windows delete shop 0' },
    { about: 'Show the windows and their IDs', line: 'hawser proj windows list shop' },
  ],
  edit: ({ metadata, spec }, { args: [text] }) => {
    const id = readId(text, 'sync window');
    const windows = spec.syncWindows ?? [];
    if (!windows[id]) throw noWindow(text, metadata.name);
    return {
      spec: { ...spec, syncWindows: windows.filter((_, at) => at !== id) },
      says: `sync window ${id} deleted`,
      question: {
        message: `Delete sync window ${id} of project '${metadata.name}'?`,
        line: LINE_QUESTIONS.deleteWindow(),
        cancelled: 'The command to delete the sync window was cancelled\n',
      },
    };
  },
});
