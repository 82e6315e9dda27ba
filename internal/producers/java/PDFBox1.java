// Signs a PDF with PDFBox 1.8: PDFBox1 IN P12 OUT
import java.io.*;
import java.nio.file.*;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.*;

public class PDFBox1 {
    public static void main(String[] args) throws Exception {
        Signer signer = new Signer(args[1]);
        PDDocument doc = PDDocument.load(new File(args[0]));
        PDSignature sig = new PDSignature();
        sig.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        sig.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
        sig.setName("NGUYEN VAN A");
        sig.setReason("I agree");
        sig.setSignDate(Signer.when());
        SignatureOptions room = new SignatureOptions();
        room.setPreferedSignatureSize(4096);
        doc.addSignature(sig, signer::container, room);
        // The program seeks in the stream that it writes to.
        try (FileOutputStream out = new FileOutputStream(args[2]); FileInputStream in = new FileInputStream(args[2])) {
            out.write(Files.readAllBytes(Paths.get(args[0])));
            doc.saveIncremental(in, out);
        }
        doc.close();
    }
}
