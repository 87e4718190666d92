/** Whether an option of a query is on, as the API reads booleans: by any word but 'false' and '0', also by none. */
export function isOn(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
