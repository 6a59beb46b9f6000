#!/usr/bin/env bash
# Writes Sources/ONNX/Schema/onnx.pb.swift from onnx.proto. Wanted only where the schema changes: it needs
# Debian's protobuf-compiler, and builds swift-protobuf's plugin for it, which takes minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

plugin=${PROTOC_GEN_SWIFT:-}
if [[ -z $plugin ]]; then
  swift build -c release --product protoc-gen-swift
  plugin=$(swift build -c release --show-bin-path)/protoc-gen-swift
fi
protoc --plugin=protoc-gen-swift="$plugin" --proto_path=Sources/ONNX/Schema --swift_out=Sources/ONNX/Schema \
  onnx.proto
