// What the tabs of one browser tell each other: {token, kind: "draft" or "arrived", …}.

let channel = null;

export function openChannel(heard) {
  if (!window.BroadcastChannel) return;
  channel = new BroadcastChannel("debrief");
  channel.onmessage = ({ data }) => heard(data);
}

export function announce(message) {
  if (channel) channel.postMessage(message);
}
