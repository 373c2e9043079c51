/** One message that people would see, wherever it was sent. */
export interface SentMessage {
  readonly service: 'telegram' | 'discord' | 'slack'
  /** A Telegram message_id, a Discord snowflake, a Slack ts. */
  readonly id: string
  /** The chat or channel. */
  readonly place: string
  /** Oldest first: the first is what was sent, the last is what people see. */
  readonly texts: string[]
}

/** All messages of all services in one list, so that a test can count them: no check may ever send one. */
export interface Mailbox {
  readonly messages: SentMessage[]
}

/** Puts one message into the list. */
export function posted(mailbox: Mailbox, first: Omit<SentMessage, 'texts'> & { readonly text: string }): SentMessage {
  const { text, ...rest } = first
  const message = { ...rest, texts: [text] }
  mailbox.messages.push(message)
  return message
}
