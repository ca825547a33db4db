/** A transfer that was refused, or whose outcome is not what it must be; the message is for the operator. */
export class TransferError extends Error {}
