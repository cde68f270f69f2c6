// The methods of the resources of UDP, which components may import without ever being able to call them. A table.

export const UDP_SOCKET: readonly string[] = [
  ...["startBind", "finishBind", "stream", "localAddress", "remoteAddress", "addressFamily"],
  ...["unicastHopLimit", "setUnicastHopLimit", "receiveBufferSize", "setReceiveBufferSize"],
  ...["sendBufferSize", "setSendBufferSize", "subscribe"],
];

export const DATAGRAM_STREAM: Readonly<Record<"incoming" | "outgoing", readonly string[]>> = {
  incoming: ["receive", "subscribe"],
  outgoing: ["checkSend", "send", "subscribe"],
};
