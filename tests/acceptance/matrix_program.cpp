// The least program: what the matrix test puts into every file, so that executing it needs nothing else.
int main() {
  return 0;
}
