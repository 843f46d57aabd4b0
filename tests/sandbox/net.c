// Attacks by sockets: net GRANTED OTHER NAME, two ports of the host's loopback and an abstract name that listens outside.
#include "attack.h"

#include <arpa/inet.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static in_port_t granted, other;
static const char* outside;
#define AS(address) (const struct sockaddr*)&(address), sizeof(address)

static struct sockaddr_in four(const char* text, in_port_t port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, text, &to.sin_addr);
  return to;
}
static struct sockaddr_in6 six(const char* text, in_port_t port) {
  struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  inet_pton(AF_INET6, text, &to.sin6_addr);
  return to;
}
static int to_four(const char* text, in_port_t port) {
  const struct sockaddr_in to = four(text, port);
  return result(connect(socket(AF_INET, SOCK_STREAM, 0), AS(to)));
}
static int to_six(const char* text, in_port_t port) {
  const struct sockaddr_in6 to = six(text, port);
  return result(connect(socket(AF_INET6, SOCK_STREAM, 0), AS(to)));
}

static int plain(void) { return to_four("127.0.0.1", other); }
static int mapped(void) { return to_six("::ffff:127.0.0.1", other); }
static int unspecified(void) { return to_four("0.0.0.0", other); }
static int unspecified_mapped(void) { return to_six("::ffff:0.0.0.0", other); }
static int other_loopback(void) { return to_four("127.9.9.9", other); }
static int non_blocking(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (connect(fd, AS(to)) != 0 && errno != EINPROGRESS) return errno;
  struct pollfd ready = {fd, POLLOUT, 0};
  poll(&ready, 1, 5000);
  struct sockaddr_in peer;
  socklen_t size = sizeof peer;
  return result(getpeername(fd, (struct sockaddr*)&peer, &size));
}
static int turned_after(void) {
  const struct sockaddr_in to = four("127.0.0.1", granted), then = four("127.0.0.1", other);
  const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, AS(to)) != 0) return errno;
  if (connect(fd, AS(nowhere)) != 0) return errno;
  return result(connect(fd, AS(then)));
}
static int fast_open(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  return result(sendto(socket(AF_INET, SOCK_STREAM, 0), "x", 1, MSG_FASTOPEN, AS(to)));
}
static int fast_open_later(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  const int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on) != 0) return errno;
  if (connect(fd, AS(to)) != 0) return errno;
  return send(fd, "x", 1, MSG_NOSIGNAL) == 1 ? 0 : errno;
}
static volatile struct sockaddr_in raced;
static volatile int stop;
static void* swap_ports(void* unused) {
  for (int i = 0; !stop; ++i) raced.sin_port = htons(i % 2 ? other : granted);
  return unused;
}
static int race_of_ports(void) {
  pthread_t swapper;
  int worked = 254;
  raced = four("127.0.0.1", granted);
  pthread_create(&swapper, NULL, swap_ports, NULL);
  for (int i = 0; i < 200 && worked != 0; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in peer = {0};
    socklen_t size = sizeof peer;
    if (connect(fd, (const struct sockaddr*)&raced, sizeof raced) == 0 && getpeername(fd, (struct sockaddr*)&peer, &size) == 0 &&
        peer.sin_port == htons(other)) {
      worked = 0;
    }
    close(fd);
  }
  stop = 1;
  pthread_join(swapper, NULL);
  return worked;
}
static int datagram(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  return result(sendto(socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, AS(to)));
}
static int datagram_connected(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  return result(connect(socket(AF_INET, SOCK_DGRAM, 0), AS(to)));
}
static int raw_packets(void) { return result(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }
static int link_packets(void) { return result(socket(AF_PACKET, SOCK_RAW, htons(3))); }
static int netlink(void) { return result(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)); }
static int ciphers(void) { return result(socket(AF_ALG, SOCK_SEQPACKET, 0)); }
static int host_vsock(void) { return result(socket(AF_VSOCK, SOCK_STREAM, 0)); }
static int odd_family(void) { return result(syscall(SYS_socket, AF_NETLINK | 0x100000000UL, SOCK_RAW, 0)); }
static int multipath(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  const int fd = socket(AF_INET, SOCK_STREAM, 262);
  return fd < 0 ? errno : result(connect(fd, AS(to)));
}
static int ring(void) {
  char parameters[120] = {0};
  return result(syscall(425, 4, parameters));
}
static int abstract_name(void) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  memcpy(to.sun_path + 1, outside, strlen(outside));
  const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(outside));
  return result(connect(socket(AF_UNIX, SOCK_STREAM, 0), (const struct sockaddr*)&to, size));
}
static int any_bind(void) {
  const struct sockaddr_in mine = four("127.0.0.1", 0);
  return result(bind(socket(AF_INET, SOCK_STREAM, 0), AS(mine)));
}
// Given up while it is on its way, a socket is free again: in whose network does it listen then?
static int listens_after(void) {
  const struct sockaddr_in to = four("127.0.0.1", granted);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (connect(fd, AS(to)) != 0 && errno != EINPROGRESS) return errno;
  shutdown(fd, SHUT_RDWR);
  return result(listen(fd, 1));
}
static int broken_lengths(void) {
  const struct sockaddr_in to = four("127.0.0.1", other);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const socklen_t lengths[] = {0, 1, 2, 7, 15, 129, 0x7fffffff, 0xffffffff};
  for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; ++i) {
    if (connect(fd, (const struct sockaddr*)&to, lengths[i]) == 0) return 0;
  }
  return result(connect(fd, (const struct sockaddr*)8, sizeof to));
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  granted = (in_port_t)atoi(argv[1]);
  other = (in_port_t)atoi(argv[2]);
  outside = argv[3];
#define TRY(name) attempt(#name, name)
  TRY(plain); TRY(mapped); TRY(unspecified); TRY(unspecified_mapped); TRY(other_loopback); TRY(non_blocking);
  TRY(turned_after); TRY(fast_open); TRY(fast_open_later); TRY(race_of_ports); TRY(datagram); TRY(datagram_connected);
  TRY(raw_packets); TRY(link_packets); TRY(netlink); TRY(ciphers); TRY(host_vsock); TRY(odd_family); TRY(multipath);
  TRY(ring); TRY(abstract_name); TRY(any_bind); TRY(listens_after); TRY(broken_lengths);
  return 0;
}
