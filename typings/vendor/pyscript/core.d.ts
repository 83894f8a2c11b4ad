export const hooks: {
  main: { onWorker: Set<(wrap: unknown, worker: Worker & { ready: Promise<unknown> }) => void> };
};
