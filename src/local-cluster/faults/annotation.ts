export const FAULT_ANNOTATION = 'hawser.dev/fault';
