const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const LONGEST = 53;

export const isApplicationName = (text: string): boolean => NAME.test(text);

/** The last part of a path or URL, as an application may be called; '' where nothing of it may. */
export function applicationNameOf(location: string): string {
  const parts = location.replace(/\.git$/, '').split(/[/:]/);
  const last = parts.filter((part) => part !== '' && part !== '.').at(-1) ?? '';
  return last
    .toLowerCase()
    .replace(/[^a-z\d-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
}
