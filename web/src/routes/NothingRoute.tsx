import { HomeLink, Message } from './Message.tsx'

export default function NothingRoute() {
  return (
    <Message
      title="There is nothing at this address"
      text="Perhaps a letter is missing or one too many, or what was here has another address now."
    >
      <HomeLink />
    </Message>
  )
}
