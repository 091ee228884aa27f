/** Says what stops a deployment of a stack in this state, and what helps. Undefined: nothing stops it. */
export function hindranceOf(name: string, { status, isProtected }: { status: string; isProtected: boolean }) {
  if (status.endsWith("_IN_PROGRESS")) return UNDER_WAY.has(status) ? undefined : wait(status);
  return hindrances[status]?.(name, isProtected);
}

/** CDK goes on with a stack whose first change set was never carried out. */
const UNDER_WAY = new Set(["REVIEW_IN_PROGRESS"]);

const wait = (status: string): string => `It is being changed (${status}): wait until that has ended.`;

const aws = (command: string, name: string): string => `aws cloudformation ${command} --stack-name ${name}`;

/** Says what to do with a stack whose creation failed. CDK deletes it by itself, unless it is protected. */
const creationFailed = (name: string, isProtected: boolean): string | undefined =>
  isProtected
    ? `Its creation failed, and it is protected against deletion: ${aws("update-termination-protection --no-enable-termination-protection", name)}`
    : undefined;

const deletionFailed = (name: string): string =>
  `Its deletion failed: its events say why. Remove the cause, then ${aws("delete-stack", name)}`;

const rollbackFailed = (name: string): string =>
  `An update failed and could not be taken back: its events say why. Remove the cause, then ${aws("continue-update-rollback", name)}`;

const changeFailed = (name: string): string =>
  `A change failed and was not taken back: ${aws("rollback-stack", name)}, and wait until that has ended.`;

/** By status. A status that is not here stops nothing. */
const hindrances: Readonly<Record<string, (name: string, isProtected: boolean) => string | undefined>> = {
  ROLLBACK_COMPLETE: creationFailed,
  ROLLBACK_FAILED: creationFailed,
  CREATE_FAILED: (name, isProtected) => creationFailed(name, isProtected) ?? changeFailed(name),
  DELETE_FAILED: deletionFailed,
  UPDATE_FAILED: changeFailed,
  UPDATE_ROLLBACK_FAILED: rollbackFailed,
  IMPORT_ROLLBACK_FAILED: rollbackFailed,
};
