declare module 'fs-native-extensions' {
  /** Takes an exclusive lock of the kernel on an open file; false when another process has it. */
  export function tryLock(descriptor: number): boolean;
}
