"""The acts of the one-stop (118/2025/NĐ-CP arts. 16-24): one module an act or a pair of acts."""
