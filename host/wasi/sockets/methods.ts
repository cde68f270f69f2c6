// The methods of the resources of wasi:sockets, which components may import without ever being able to call them. A table.

export const TCP_SOCKET: readonly string[] = [
  ...["startBind", "finishBind", "startConnect", "finishConnect", "startListen", "finishListen", "accept"],
  ...["localAddress", "remoteAddress", "isListening", "addressFamily", "setListenBacklogSize"],
  ...["keepAliveEnabled", "setKeepAliveEnabled", "keepAliveIdleTime", "setKeepAliveIdleTime"],
  ...["keepAliveInterval", "setKeepAliveInterval", "keepAliveCount", "setKeepAliveCount"],
  ...["hopLimit", "setHopLimit", "receiveBufferSize", "setReceiveBufferSize", "sendBufferSize", "setSendBufferSize"],
  ...["subscribe", "shutdown"],
];

export const UDP_SOCKET: readonly string[] = [
  ...["startBind", "finishBind", "stream", "localAddress", "remoteAddress", "addressFamily"],
  ...["unicastHopLimit", "setUnicastHopLimit", "receiveBufferSize", "setReceiveBufferSize"],
  ...["sendBufferSize", "setSendBufferSize", "subscribe"],
];

export const DATAGRAM_STREAM: Readonly<Record<"incoming" | "outgoing", readonly string[]>> = {
  incoming: ["receive", "subscribe"],
  outgoing: ["checkSend", "send", "subscribe"],
};

export const RESOLVE_STREAM: readonly string[] = ["resolveNextAddress", "subscribe"];
